import { closingsContract } from '../contracts/closings-contract.ts';
import { aMemoryState } from './memory-state.ts';

closingsContract(async () => aMemoryState());
