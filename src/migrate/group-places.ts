import { officialClients } from '../model/clients/client-packages.js';
import { deployableFinder } from '../model/factories/deployables.js';
import type { Project } from '../project/project.js';
import { isComponentFile } from '../project/script-blocks.js';
import type { Places } from './collect-places.js';
import type { Leftover, Place } from './rewrite/place.js';

/** Places that get their clients from one function. */
export interface PlaceGroup {
  readonly clientPackage: string;
  /** The module that is the factory of these places already. Undefined if there is none that they can import. */
  readonly factory: string | undefined;
  /** The folder of the program. */
  readonly deployable: string;
  readonly places: readonly Place[];
  /** Constructions in the factory itself. */
  readonly inFactory: readonly Place[];
}

/** Groups the places outside of the factories by the factory that they belong to, or by their program. */
export function groupPlaces(
  { outside, inFactories }: Places,
  project: Project,
): { readonly groups: PlaceGroup[]; readonly leftovers: Leftover[] } {
  const deployableOf = deployableFinder(project);
  const groups = new Map<string, PlaceGroup & { readonly places: Place[] }>();
  const leftovers: Leftover[] = [];
  for (const place of outside) {
    const { file, constructor } = place;
    const reason = unsupported(place);
    if (reason !== undefined) {
      leftovers.push({ place, reason });
      continue;
    }
    const clientPackage = constructor.package;
    const sameClient = inFactories.filter((other) => other.constructor.package === clientPackage);
    const isNear = (factory: string): boolean =>
      sameClient.some((other) => other.file === factory) && project.packageAt(factory)?.folder === project.packageAt(file)?.folder;
    const factory = [...factoriesOf(place), ...(place.verdict?.kind === 'test' ? sameClient.map((other) => other.file) : [])].find(isNear);
    const deployable = deployableOf(file);
    const key = `${clientPackage}\0${factory ?? `${deployable}/`}`;
    const group = groups.get(key) ?? {
      clientPackage,
      factory,
      deployable,
      places: [],
      inFactory: factory === undefined ? [] : sameClient.filter((other) => other.file === factory),
    };
    group.places.push(place);
    groups.set(key, group);
  }
  return { groups: [...groups.values()], leftovers };
}

/** The factories of the programs that contain the place. */
function factoriesOf({ verdict }: Place): readonly string[] {
  return verdict?.kind === 'second' || verdict?.kind === 'script' ? verdict.factories : [];
}

function unsupported({ file, constructor }: Place): string | undefined {
  if (!officialClients.has(constructor.package) || constructor.name !== 'createClient')
    return `Only \`createClient\` of ${[...officialClients].join(' and ')} is moved. Get the client of "${constructor.package}" from one module by hand.`;
  if (isComponentFile(file)) return 'The scripts of components are not edited.';
  return undefined;
}
