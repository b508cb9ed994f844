import { alarmLedgerContract, cloudWatchContract } from '../contracts/alarms-contract.ts';
import { aMemoryCloudWatch, aMemoryOfAlarms } from './memory-alarms.ts';

alarmLedgerContract(async () => aMemoryOfAlarms());
cloudWatchContract(async () => aMemoryCloudWatch());
