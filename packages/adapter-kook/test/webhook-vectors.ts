/** The test vectors of the documentation's algorithm: plain text, key, `encrypt`. */
export const vectors = {
  challenge: {
    key: 'kook-demo-key',
    plain:
      '{"s":0,"d":{"type":255,"channel_type":"WEBHOOK_CHALLENGE","challenge":"bkes654x09XY","verify_token":"vt-0001"}}',
    encrypt:
      'MDEyMzQ1Njc4OWFiY2RlZlMrYWZpOC9HZExSeTFTUVQ4VTc3QTNVbGxLSnRadk5VRjE0WWlGZmwvNHA3ancyUy9DZ2JaaFBocTIrQkRFZHMycEJqTG5tMC91OGxxdHpkNTF5aXl4bW50RDN5bC9YUFNaU3pXQVAwQlQva09iVG0vTnFqUGNKaEtRVy9oMWVJSmFadlN3WTl6dkZwdUlEbnlkOHQyQT09',
    compressed:
      'eJwFwUtygyAAANC7eAITtTNklypgTcEB+UR2iFkkEmMcR6Wd3r3v/Ua30c1hWqJTRAoYyA870IdLa43u7ZF748ncajPVOSgN3JubQEIqlirhEiao6vD+3Yzc9kOm+APGWntsnttKy3NiRxdkAIU5Vtaiz5cTXzMbODIlCQ5Wb4GzheTgUON978tpoAJl9urTTmcxL2jW5aCViFqZTFemzhvzbLUxuCscr2JEb4npxcKFqwBeRKuqeSLbe5po4T/6wWy99LAb/VCXLDARg+jvHxhwT4o=',
  },
  event: {
    key: 'testKey',
    plain:
      '{"s":0,"d":{"channel_type":"PERSON","type":255,"target_id":"2862900000","author_id":"1","content":"[系统消息]","extra":{"type":"self_exited_guild","body":{"guild_id":"6016389910000000"}},"msg_id":"m-215","msg_timestamp":1614140348008,"nonce":"","verify_token":"vt-0001"},"sn":215}',
    encrypt:
      'ZjNhOWMwNWQ3YjEyZTY4NE0xaGJGaU9nLzhPSkpWK214R2xkaldvV1Jmem9LWlJwR0NyNWZGWFFiUHpoSTdRRUJwNEVQT20zQk1vTk5xZWtzKzVyQ3NHZ3kwaHVmZnQzVytxRTZ4T0RJMFNZQW1nL21uMTFYVXd3S0VyVjZGc0trOGdEK1BpYjFoMzNsREgvMTlsbEdTNzcwMHFmV3FFM0RWUnkycytKdUVpbWwrOXgxZThzVllWa3BSL1ZBNFF0ZFZWc3RJKzQrbmZ6SUVVOXlYeVZOUWkvdW1xTWhoTm1WdkFDMTNzSDM3dzYrdFB3Z25ZQ1RlMWU4dmdWVHQwNCtFS2VUcUNuUFRaK2wzcTZjb29tTzJYSi80L3Y3bFBaQlRaeHE1NmJOWndsYlE1RndQSzFMdVJWYTUvbDIvYmMvUHl4ZExHVWltamNFaHd0ZTRSK0NxWE1DSjJEMnFTcnkvTHZVYWVpaldXaVVFOFo1bDZORjJGRVFrSDVncEdFM291QUpwb2FQUHBGd3lkaQ==',
  },
} as const
