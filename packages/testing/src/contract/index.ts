/**
 * A suite that every adapter passes, for authors of adapters: what they promise to plugins, on the platform that they
 * are made for. {@link describeAdapter} declares it for a test runner; {@link ContractStage} is what an author gives.
 *
 * @packageDocumentation
 */
export { contractCases, describeAdapter } from './describe-adapter.ts'
export type { AdapterContract, ContractCase, ContractRunner } from './contract.ts'
export type { FlowCase } from './flow-cases.ts'
export type { LifeCase } from './life-cases.ts'
export type { ReceiveCase } from './receive-cases.ts'
export type { SendCase } from './send-cases.ts'
export type {
  Arrival,
  CallScene,
  ContractCalls,
  ContractShows,
  ContractChat,
  ContractDrivers,
  ContractIds,
  ContractStage,
  DriverName,
} from './stage.ts'
