import { touchesContract } from '../contracts/touches-contract.ts';
import { aMemoryOfTouches } from './memory-touches.ts';

touchesContract(async () => aMemoryOfTouches());
