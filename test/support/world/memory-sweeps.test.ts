import { sweepsContract } from '../contracts/sweeps-contract.ts';
import { aMemoryState } from './memory-state.ts';
import { aMemorySweeps } from './memory-sweeps.ts';

sweepsContract(async () => {
  const { entries, ledger } = aMemoryState();
  return { sweeps: aMemorySweeps(entries), ledger };
});
