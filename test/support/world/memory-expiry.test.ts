import { expiryContract } from '../contracts/expiry-contract.ts';
import { aMemoryExpiry } from './memory-expiry.ts';

expiryContract(async () => aMemoryExpiry());
