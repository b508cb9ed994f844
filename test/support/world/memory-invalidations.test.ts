import { invalidationsContract } from '../contracts/invalidations-contract.ts';
import { aMemoryInvalidations } from './memory-invalidations.ts';

invalidationsContract(async () => aMemoryInvalidations());
