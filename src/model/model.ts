import type { ConnectionMap } from './architecture/connection-map.js';
import type { ClientConstructor, ClientModule, ClientPackage } from './clients/client-packages.js';
import type { OutsideSetting } from './configuration/find-configuration.js';
import type { Accessor, AccessorSetting } from './connections/accessors.js';
import type { Construction } from './connections/constructions.js';
import type { Manager } from './connections/managers.js';
import type { DeclaredRoles, Role } from './connections/roles.js';
import type { Wrapper } from './connections/wrappers.js';
import type { AdhocMock } from './doubles/adhoc-mock.js';
import type { ErrorTextMatch } from './error-texts/error-text-matches.js';
import type { FailureFacts } from './error-texts/failure-handling.js';
import type { FactoryInference } from './factories/infer-factories.js';
import type { ImportCycles } from './imports/import-cycles.js';
import type { NestedAcquire } from './pools/nested-acquires.js';
import type { DuplicateClient } from './purposes/duplicate-clients.js';
import type { Unreleased } from './releases/resource.js';
import type { RawRequest } from './requests/raw-request.js';
import type { Recursion } from './recursion/recursion.js';
import type { UnbypassedCall } from './recursion/unbypassed-calls.js';
import type { ConcreteType } from './service/concrete-type.js';
import type { SliceLimit } from './slice/slice-limits.js';
import type { SwallowedError } from './statements/swallowed-errors.js';
import type { UnreadResult } from './statements/unread-results.js';

/** The settings that change what the code means. `engine/model-settings.ts` derives them from the user's settings; paths are absolute. */
export interface ModelSettings {
  /** Client packages beside the built-in ones, and modules of the project that are clients. */
  readonly clients: readonly (ClientPackage | ClientModule)[];
  /** Accessors that the user declared. Empty: accessors are inferred. */
  readonly accessors: readonly AccessorSetting[];
  /** Whether the user declared that the file manages clients. Undefined: managers are inferred. */
  readonly isManager: ((file: string) => boolean) | undefined;
  /** What the user declared about the roles of modules. */
  readonly roles: DeclaredRoles;
}

/**
 * What the code of a project means at one moment. Rules, the audit and the engine read it; `buildModel` makes it.
 * It holds syntax nodes, so it is valid only until the next edit.
 */
export interface Model {
  /** Each construction of a ClickHouse client in the slice, sorted by position. */
  readonly constructions: readonly Construction[];
  /** The verdict on each constructing module. Computed at the first call and kept until an edit can change it. */
  readonly factories: () => FactoryInference;
  /** Constructors that the settings declare for a module of the project and that it does not export. Computed at each call. */
  readonly missingConstructors: () => readonly ClientConstructor[];
  /** Functions, classes and exported clients by which other code constructs. Computed at each call: no rule reads them. */
  readonly wrappers: () => readonly Wrapper[];
  /** Functions that other code asks for a client. */
  readonly accessors: readonly Accessor[];
  /** Code that owns clients for others. */
  readonly managers: readonly Manager[];
  /** Import cycles among connection modules. Computed at the first call and kept until an edit can change them. */
  readonly importCycles: () => ImportCycles;
  /** The roles of a module among connection modules; empty for most files. */
  readonly rolesOf: (file: string) => readonly Role[];
  /** Call paths from an accessor back to itself, one for each cycle. */
  readonly recursions: readonly Recursion[];
  /** Accessor calls within reach of a manager whose bypass is not surely set. */
  readonly unbypassedCalls: readonly UnbypassedCall[];
  /** Acquisitions from a bounded pool while a lease of it is held. Computed at each call. */
  readonly nestedAcquires: () => readonly NestedAcquire[];
  /** Clients, pools and leases that stay open. Computed at each call. */
  readonly unreleased: () => readonly Unreleased[];
  /** Doubles of clients and factories that tests make for themselves. Computed at each call. */
  readonly adhocMocks: () => readonly AdhocMock[];
  /** Declared types that are the concrete client where the project has a service interface. Computed at each call. */
  readonly concreteTypes: () => readonly ConcreteType[];
  /** Whether the project uses the runtime: a package depends on it, or code that is no test imports it. Computed at each call. */
  readonly usesRuntime: () => boolean;
  /** Results of statements that nothing reads. Computed at each call. */
  readonly unreadResults: () => readonly UnreadResult[];
  /** Failures of statements that no code can know of. Computed at each call. */
  readonly swallowedErrors: () => readonly SwallowedError[];
  /** Branches that depend on the text of an error of ClickHouse. Computed at each call. */
  readonly errorTextMatches: () => readonly ErrorTextMatch[];
  /** Code that handles failures of statements, with the constructions of their clients. Computed at each call: no rule reads it. */
  readonly failureHandling: () => FailureFacts;
  /**
   * Settings of ClickHouse that are read or written down outside of the configuration modules. Computed at each call. `inferred` saves the
   * inference of the factories.
   */
  readonly outsideSettings: (inferred?: FactoryInference) => readonly OutsideSetting[];
  /**
   * Requests to the HTTP interface of ClickHouse that code outside of a client sends. Computed at each call. `inferred` saves the inference
   * of the factories, which only findings need.
   */
  readonly rawRequests: (inferred?: () => FactoryInference) => readonly RawRequest[];
  /**
   * Clients that repeat the configuration of another one in the same process. Computed at each call. `inferred` saves the inference of the
   * factories, which only findings need.
   */
  readonly duplicateClients: (inferred?: () => FactoryInference) => readonly DuplicateClient[];
  /** How the code reaches ClickHouse: which code asks which for a connection. Computed at each call: no rule reads it. */
  readonly connectionMap: () => ConnectionMap;
  /** Accessors that call no accessor once their bypass is set. */
  readonly bypassHonored: ReadonlySet<Accessor>;
  /** Absolute paths of the files that were analysed in depth. */
  readonly slice: ReadonlySet<string>;
  /** Returns why a file was analysed in depth, as a clause that begins with a verb; undefined for other files. */
  readonly reasonOf: (file: string) => string | undefined;
  /** Absolute paths of the files that were left out because they overflow the stack. */
  readonly skippedFiles: ReadonlySet<string>;
  /** Files that accessors and modules with providers import, directly or not. An import that is added there can extend the slice. */
  readonly importReach: ReadonlySet<string>;
  /** The limits that ended a search for further files of the slice. */
  readonly limits: readonly SliceLimit[];
  /** The same for the code that runs statements; empty if no rule has read a fact about statements. */
  readonly statementLimits: () => readonly SliceLimit[];
}

/** The model of a project that does not use ClickHouse. */
export const emptyModel: Model = {
  constructions: [],
  factories: () => ({ verdicts: new Map() }),
  missingConstructors: () => [],
  wrappers: () => [],
  accessors: [],
  managers: [],
  importCycles: () => ({ cycles: [] }),
  rolesOf: () => [],
  recursions: [],
  unbypassedCalls: [],
  nestedAcquires: () => [],
  unreleased: () => [],
  adhocMocks: () => [],
  concreteTypes: () => [],
  usesRuntime: () => false,
  unreadResults: () => [],
  swallowedErrors: () => [],
  errorTextMatches: () => [],
  failureHandling: () => ({ texts: [], handling: [] }),
  outsideSettings: () => [],
  rawRequests: () => [],
  duplicateClients: () => [],
  connectionMap: () => ({ calls: [], consumers: [], servers: new Map() }),
  bypassHonored: new Set(),
  slice: new Set(),
  reasonOf: () => undefined,
  skippedFiles: new Set(),
  importReach: new Set(),
  limits: [],
  statementLimits: () => [],
};
