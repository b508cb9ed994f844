import { recentChangesContract } from '../contracts/recent-changes-contract.ts';
import { aMemoryOfChanges } from './memory-recent-changes.ts';

recentChangesContract(async () => aMemoryOfChanges());
