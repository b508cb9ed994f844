/** An element of the XML that AWS's query protocols speak: attributes are kept as they were written, mixed content does not occur. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: string;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)([^>]*?)(\/?)>|([^<]+)/g;

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const decode = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return NAMED[name ?? ''] ?? whole;
  });

const encode = (text: string): string =>
  text.replace(/[<>&"]/g, (character) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[character] ?? '&quot;');

/** @throws {SyntaxError} when the text is not one well-formed element */
export const parseXml = (source: string): XmlElement => {
  const root: Open = { name: '', attributes: '', children: [], text: '' };
  const stack: Open[] = [root];
  for (const [, closing, name, attributes = '', empty, text] of source.matchAll(TOKEN)) {
    const top = stack.at(-1) ?? root;
    if (text !== undefined) top.text += decode(text);
    else if (name === undefined) continue;
    else if (closing === '/') {
      if (top.name !== name) throw new SyntaxError(`</${name}> closes <${top.name}>`);
      stack.pop();
    } else {
      const opened: Open = { name, attributes: attributes.trimEnd(), children: [], text: '' };
      top.children.push(opened);
      if (empty !== '/') stack.push(opened);
    }
  }
  const [only, ...more] = root.children;
  if (only === undefined || more.length > 0 || stack.length > 1)
    throw new SyntaxError('not one well-formed XML element');
  return only;
};

/** The element as text, without an XML declaration. */
export const renderXml = ({ name, attributes, children, text }: XmlElement): string => {
  const content = children.length > 0 ? children.map(renderXml).join('') : encode(text);
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
};

/** An element around text or other elements; what is `undefined` is left out. */
export const xml = (name: string, ...content: readonly (string | XmlElement | undefined)[]): XmlElement => ({
  name,
  attributes: '',
  children: content.filter((part) => typeof part === 'object'),
  text: content.filter((part) => typeof part === 'string').join(''),
});

export const childOf = (element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), element);

/** The text at a path below the element, empty when there is none. */
export const textOf = (element: XmlElement | undefined, ...path: readonly string[]): string =>
  childOf(element, ...path)?.text.trim() ?? '';

/** The entries of the list at a path below the element (`item` in EC2's protocol, `member` in the others'). */
export const itemsOf = (element: XmlElement | undefined, ...path: readonly string[]): readonly XmlElement[] =>
  (childOf(element, ...path)?.children ?? []).filter(({ name }) => name === 'item' || name === 'member');

/** The element with its child of that name changed; unchanged when it has none. */
export const withChild = (
  element: XmlElement,
  name: string,
  change: (child: XmlElement) => XmlElement,
): XmlElement => ({
  ...element,
  children: element.children.map((child) => (child.name === name ? change(child) : child)),
});

/** The element with that child in place of any of the same name, or added at the end. */
export const putChild = (element: XmlElement, child: XmlElement): XmlElement => ({
  ...element,
  children: [...element.children.filter(({ name }) => name !== child.name), child],
});
