import { holdsContract } from '../contracts/holds-contract.ts';
import { aMemoryOfHolds } from './memory-holds.ts';

holdsContract(async () => aMemoryOfHolds());
