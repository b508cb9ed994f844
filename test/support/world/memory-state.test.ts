import { stateContract } from '../contracts/state-contract.ts';
import { aMemoryState } from './memory-state.ts';

stateContract(async () => aMemoryState(), { propertyRuns: 200 });
