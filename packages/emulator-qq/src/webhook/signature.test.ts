import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SignatureKey, signatureSeed } from './signature.ts'

const secrets = {
  A: 'DG5g3B4j9X2KOErG',
  B: 'naOC0ocQE3shWLAfffVLB1rhYPG7',
  C: '123456abcdef',
  D: 'kq7Zt2WmXp9LcR4vBn3Y',
  E: 'abcde',
  F: '0123456789abcdefghijklmnopqrstuvwxyzABCD',
}

describe('the key of a bot', () => {
  test.each([
    [
      'A',
      'DG5g3B4j9X2KOErGDG5g3B4j9X2KOErG',
      '8b28ded5630f9051c205dd04c6ec56ad0b08b8812b2fe30ee9aece0ab41926f3',
    ],
    [
      'B',
      'naOC0ocQE3shWLAfffVLB1rhYPG7naOC',
      'd7c362fe78aef81ff23287b493628b5db02a3c4fe30b215e4d19609b5d76673a',
    ],
    [
      'C',
      '123456abcdef123456abcdef123456ab',
      '1c3039fbc8134a9df2a09f47cf4bf9303440988cec3b22056b62470b85fa80a7',
    ],
    [
      'D',
      'kq7Zt2WmXp9LcR4vBn3Ykq7Zt2WmXp9L',
      '8596784162f107fe95c9f4a2db36f6159dbde93d6a38e6a11c066f34c7fafbfd',
    ],
    [
      'E',
      'abcdeabcdeabcdeabcdeabcdeabcdeab',
      '2388fb3c30bcb94e7646430d83ef7f5324744b65b8e0f63d4f4129fd99a5746a',
    ],
    [
      'F',
      '0123456789abcdefghijklmnopqrstuv',
      '39e2596314e90b2fcd6c44d271d5c4c55c623c84a54e30ce46f16efcea12b03c',
    ],
  ] as const)('of secret %s has the documented seed and public key', (name, seed, publicKey) => {
    expect(signatureSeed(secrets[name]).toString()).toBe(seed)
    expect(new SignatureKey(secrets[name]).publicKey).toBe(publicKey)
  })
})

const bodyB = '{\n  "op": 0,\n  "d": {},\n  "t": "GATEWAY_EVENT_NAME"\n}'
const bodyC =
  '{"id":"ROBOT1.0_veoihSEXDc8Q.g-6eLpNIa11bH8MisOjn-m-LKxCPntMk6exUXgcWCGpVO7L2QKTNZzjZzFFDSbiOFcqAPWyVA!!","content":"哦一下","timestamp":"2024-10-15T16:33:15+08:00","author":{"id":"675860273","user_openid":"675860273"}}'
const bodyD =
  '{"id":"FRIEND_ADD:7c1b","op":0,"s":0,"t":"FRIEND_ADD","d":{"timestamp":1760000001,"openid":"0123456789ABCDEF0123456789ABCDEF"}}'
const bodyG = '{"op":0,"t":"C2C_MESSAGE_CREATE","d":{"content":"你好 😀"}}'
const oneLine = '{ "op": 0,"d": {}, "t": "GATEWAY_EVENT_NAME"}'
const signatureB1 =
  '865ad13a61752ca65e26bde6676459cd36cf1be609375b37bd62af366e1dc25a8dc789ba7f14e017ada3d554c671a911bfdf075ba54835b23391d509579ed002'

describe('signatures', () => {
  test.each([
    [
      'A1',
      'A',
      '1725442341',
      'Arq0D5A61EgUu4OxUvOp',
      '87befc99c42c651b3aac0278e71ada338433ae26fcb24307bdc5ad38c1adc2d01bcfcadc0842edac85e85205028a1132afe09280305f13aa6909ffc2d652c706',
    ],
    ['B1', 'B', '1725442341', bodyB, signatureB1],
    [
      'B2',
      'B',
      '1725442341',
      oneLine,
      '2eb9983ebb8bb209e78fd095942f58e442656656e7975d01e64f9023a84b7c964290fdd40e5500c33867ccfe9563b7e0b6bac0e1d42c13e787b304fd51f71102',
    ],
    [
      'C1',
      'C',
      '1728981195',
      bodyC,
      'e949b5b94ef4103df903fb031d1d16e358db3db83e79e117edd404c8508be3ce8a76d7bad1bed353194c126a1a5915b4ad8b5288c1191cc53a12acffccd82004',
    ],
    [
      'D1',
      'D',
      '1760000000',
      'Tj5uQeYw8sHdK1zNfGxM',
      '1275798562b6a424a06a0175fd43645160f7f9c998873067b8d1e8347c59efadb3fb9798dd522fb87c6545933c8b92739c1c573a1f0d94b166e2a3cc1afdf008',
    ],
    [
      'D2',
      'D',
      '1760000001',
      bodyD,
      '21072c5d62d3a5366a9d3bb78c406a01cd5836e681657b19d69a8e6af4a5c4240f91fecfb290a3e7ebef6b8aea74d8faa3af89ded5c3bd41a32a12e1c3a67400',
    ],
    [
      'E1',
      'E',
      '1700000000',
      'plain',
      '8dec8ce39dede496a72fff35793a94fb1f10da1702aea7987e6edd1d3113bf2585cb0775e01e841e0818df20912339b612bb858ff0515cf5af9b74c85500fc07',
    ],
    [
      'F1',
      'F',
      '1700000000',
      'plain',
      '09125713785cd5f8725d93badcaf59875d823ca57b02f2f1dea74f159de60b6d665b79a12e48a49491ee6322ad29c064ab41fee81057e3a7f89c9030b9d1320e',
    ],
    [
      'G1',
      'D',
      '1760000002',
      bodyG,
      '05d543cd114452ff907de9104b2c780d4c02948dec52ea4ee6d1892dcd9b38a39fb218fdc359c497b3767e1e59e07e6888bcd288f66965505bb16a6adb64430d',
    ],
  ] as const)('vector %s', (_, name, prefix, content, signature) => {
    const key = new SignatureKey(secrets[name])
    expect(key.sign(prefix, content)).toBe(signature)
    expect(key.verify(prefix, content, signature)).toBe(true)
  })

  test('the signature of the five-line body does not fit the one-line form', () => {
    expect(new SignatureKey(secrets.B).verify('1725442341', oneLine, signatureB1)).toBe(false)
  })

  test('what was signed verifies, and no other content does', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.uint8Array(),
        fc.uint8Array({ minLength: 1 }),
        (secret, content, more) => {
          const key = new SignatureKey(secret)
          const signature = key.sign('1760000000', content)
          expect(key.verify('1760000000', content, signature)).toBe(true)
          expect(key.verify('1760000000', Buffer.concat([content, more]), signature)).toBe(false)
        },
      ),
      { numRuns: 30 },
    )
  })
})
