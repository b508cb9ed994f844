import { incidentsContract } from '../contracts/incidents-contract.ts';
import { aMemoryOfIncidents } from './memory-incidents.ts';

incidentsContract(async () => aMemoryOfIncidents());
