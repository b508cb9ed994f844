import type { Answer, Call } from '../../local/proxy/protocol.ts';
import { jsonAnswer } from '../../local/proxy/protocol.ts';

type Attributes = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;
interface Write {
  readonly Put?: { readonly Item: Attributes };
  readonly Delete?: { readonly Key: Attributes };
}
/** As much of DynamoDB's requests as is looked at; conditions are taken to hold. */
interface TableRequest {
  readonly Key?: Attributes;
  readonly Item?: Attributes;
  readonly ExpressionAttributeValues?: Attributes;
  readonly TransactItems?: readonly Write[];
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Attributes[] }>>;
}

export type StoredItems = ReadonlyMap<string, Attributes>;

/** A table that remembers, for one run of one function. */
export interface StubTable {
  readonly answer: (call: Call) => Answer;
  /** Everything in it, to start another run from. */
  readonly items: () => StoredItems;
  readonly fill: (items: StoredItems) => void;
}

const keyOf = ({ pk, sk }: Attributes): string => JSON.stringify([pk?.S, sk?.S]);

export const stubTable = (): StubTable => {
  let items = new Map<string, Attributes>();
  const put = (item: Attributes): void => void items.set(keyOf(item), item);
  const found = (keys: readonly Attributes[]): readonly Attributes[] =>
    keys.map((key) => items.get(keyOf(key))).filter((item) => item !== undefined);
  const write = ({ Put, Delete }: Write): void => {
    if (Put !== undefined) put(Put.Item);
    if (Delete !== undefined) items.delete(keyOf(Delete.Key));
  };
  const matching = (values: Attributes): readonly Attributes[] =>
    [...items.values()].filter(
      ({ pk, sk }) => pk?.S === values[':pk']?.S && (sk?.S ?? '').startsWith(values[':prefix']?.S ?? ''),
    );
  const reply = (action: string, request: TableRequest): object => {
    switch (action) {
      case 'GetItem': {
        const [Item] = found([request.Key ?? {}]);
        return Item === undefined ? {} : { Item };
      }
      case 'Query':
        return { Items: matching(request.ExpressionAttributeValues ?? {}) };
      case 'BatchGetItem': {
        const tables = Object.entries(request.RequestItems ?? {});
        return {
          Responses: Object.fromEntries(tables.map(([name, { Keys }]) => [name, found(Keys)])),
          UnprocessedKeys: {},
        };
      }
      case 'PutItem':
        put(request.Item ?? {});
        return {};
      case 'TransactWriteItems':
        for (const one of request.TransactItems ?? []) write(one);
        return {};
      default:
        throw new Error(`the stub's table knows no ${action}`);
    }
  };
  return {
    answer: ({ action, body }) => jsonAnswer(reply(action, JSON.parse(body.toString('utf8')) as TableRequest)),
    items: () => new Map(items),
    fill: (stored) => {
      items = new Map(stored);
    },
  };
};
