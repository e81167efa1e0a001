export type { Account, AccountFilter, Code } from './accounts.ts'
export type {
  Agent,
  AgentChange,
  AgentDetail,
  CreatedAgent,
  CreatedApiKey,
  NewAgent,
  NewAgentKey,
} from './agents.ts'
export type { components, operations, paths } from './api.ts'
export type { Approval, ApprovalFilter, ConsumedReceipt, CreatedApproval, NewApproval, Released } from './approvals.ts'
export { Client, Client as AgentOTPClient, type ClientOptions } from './client.ts'
export {
  AuthenticationError,
  CountersignError,
  ForbiddenError,
  InvalidTokenError,
  NetworkError,
  NotFoundError,
  PermissionDeniedError,
  PermissionExpiredError,
  RateLimitError,
  ServerError,
  TimeoutError,
  TokenRevokedError,
  TokenUsedError,
  ValidationError,
} from './error.ts'
export type { GrantedPermission, PermissionRequest } from './granted.ts'
export type { MakingOptions, Options } from './http.ts'
export type { Listing, Page } from './listing.ts'
export { isRejection, type Outcome, outcomeOf } from './outcome.ts'
export type {
  AskAndWaitOptions,
  AskOptions,
  PermissionFilter,
  PermissionWish,
  UsedToken,
  VerifiedToken,
} from './permissions.ts'
export { type Expected, type Jwks, type Receipt, ReceiptError, type ReceiptFault, verifyReceipt } from './receipt.ts'
export type {
  BurnedSecret,
  GeneratedSecret,
  NewSecret,
  OpenedSecret,
  ReadSecret,
  RevealedSecret,
  SecretMetadata,
  SecretWish,
  SharedSecret,
} from './secrets.ts'
export type { WaitOptions } from './until.ts'
export type { ListedValue, ValueVersion } from './values.ts'
export { verifyWebhook, WebhookError, type WebhookEvent, type WebhookHeaders } from './webhook.ts'
