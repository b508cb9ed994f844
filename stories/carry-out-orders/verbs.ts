import type { Answer } from '../../domain/answer.ts';
import type { Right } from '../../domain/authorisation.ts';
import { authorise } from '../../domain/authorisation.ts';
import type { Command } from '../../domain/command.ts';
import type { Order } from '../../domain/order.ts';
import { listChanges, planOfNumber } from './changes.ts';
import { callDoctor } from './doctor.ts';
import { drainInstance } from './drain.ts';
import { keepRule, listKept } from './keep.ts';
import { orderSweep, pauseWrites, resumeWrites } from './pause.ts';
import type { OrderPorts } from './ports.ts';
import { press } from './press.ts';
import { tellHowThingsStand } from './status.ts';

/** A command of one of these verbs, with what was typed behind it. */
type Worded = Extract<Command, { readonly words: readonly string[] }>;

/** What a verb asks for: a right of its own where it writes, else that to read. */
interface Deed {
  readonly right: Right | 'read';
  readonly does: (ports: OrderPorts, order: Order, words: readonly string[]) => Promise<Answer>;
}

const LIST_WORDS: readonly string[] = ['list', '一覧'];

const asksForList = ([first, ...others]: readonly string[]): boolean =>
  first === undefined || (others.length === 0 && LIST_WORDS.includes(first.toLowerCase()));

const READ_TABLE: Deed = {
  right: 'read',
  does: async (ports) => ({ kind: 'certificates', table: await ports.readExpiryTable() }),
};

const deedOf = ({ verb, words }: Worded): Deed => {
  switch (verb) {
    case 'pause':
      return { right: 'pause', does: pauseWrites };
    case 'resume':
      return { right: 'resume', does: resumeWrites };
    case 'drain':
      return { right: 'drain', does: drainInstance };
    case 'keep':
      return asksForList(words)
        ? { right: 'read', does: listKept }
        : { right: 'keep', does: (ports, order) => keepRule(ports, order, words.join(' ')) };
    case 'undo':
      return { right: 'read', does: listChanges };
    case 'sweep':
      return { right: 'sweep', does: orderSweep };
    case 'status':
      return { right: 'read', does: tellHowThingsStand };
    case 'certificates':
      return READ_TABLE;
    case 'doctor':
      return { right: 'read', does: callDoctor };
  }
};

/**
 * Carries out a verb for whoever may, and answers; nothing is looked up for anybody else. `undefined` when it was told
 * already: a number behind `undo` is a press on that change's button.
 */
export const carryOutVerb = async (ports: OrderPorts, order: Order, command: Worded): Promise<Answer | undefined> => {
  const { verb, words } = command;
  if (verb === 'undo' && !asksForList(words)) {
    const said = words.join(' ');
    const planId = await planOfNumber(ports, order, said);
    if (planId === undefined) return { kind: 'no-such-change', said };
    await press(ports, order, { kind: 'button', verb: 'undo', planId });
    return undefined;
  }
  const { right, does } = deedOf(command);
  const authorised = authorise(ports.authorisation, right, order.by);
  return authorised.kind === 'not-allowed' ? authorised : does(ports, order, words);
};
