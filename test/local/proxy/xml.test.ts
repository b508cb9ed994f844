import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemsOf, parseXml, putChild, renderXml, textOf, xml } from '../../../local/proxy/xml.ts';

const ANSWER = `<?xml version="1.0" encoding="utf-8"?>
<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15"><subnetSet><item><subnetId>subnet-1</subnetId><tagSet/></item><item><subnetId>a &amp; b &#60;c&#x3e;</subnetId></item></subnetSet></DescribeSubnetsResponse>`;

test('Given an answer of EC2, when it is read, then its list and the texts in it are found', () => {
  const answer = parseXml(ANSWER);
  expect(itemsOf(answer, 'subnetSet').map((item) => textOf(item, 'subnetId'))).toEqual(['subnet-1', 'a & b <c>']);
  expect(textOf(answer, 'subnetSet', 'nothing', 'there')).toBe('');
});

test('Given an answer, when a child is put, then it replaces the one of its name and the rest is as it was', () => {
  const [item] = itemsOf(parseXml(ANSWER), 'subnetSet');
  expect(item && renderXml(putChild(item, xml('subnetId', 'subnet-2')))).toBe(
    '<item><tagSet/><subnetId>subnet-2</subnetId></item>',
  );
});

test.each(['', 'text', '<a>', '<a></b>', '<a/><b/>'])('Given %p, when it is read, then it is refused', (source) => {
  expect(() => parseXml(source)).toThrow(SyntaxError);
});

test('whatever text is rendered is read again as it was', () => {
  const anyText = fc.string({ unit: 'binary' }).filter((text) => text.trim() === text);
  fc.assert(
    fc.property(anyText, (text) => {
      expect(textOf(parseXml(renderXml(xml('answer', xml('said', text)))), 'said')).toBe(text);
    }),
  );
});
