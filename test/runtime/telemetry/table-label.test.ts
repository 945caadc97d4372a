import { describe, expect, it } from 'vitest';
import { labelOfTable } from '../../../runtime/src/telemetry/table-label.js';

describe('the table of an insert is shown', () => {
  it.each(['events', 'shop.events', '`my table`', '`shop`.`it``s`', '"shop"."events"', '2026_events'])('as it is: %s', (table) => {
    expect(labelOfTable(table)).toBe(table);
  });

  it.each([
    ["FUNCTION remote('h', 'db', 't', 'user', 'secret')", 'FUNCTION remote'],
    ["table function s3('https://bucket', 'key', 'secret')", 'FUNCTION s3'],
    ["remote('h', 'db', 't', 'user', 'secret')", 'remote'],
    ["events (id) SETTINGS password = 'secret'", 'events'],
    ["'secret'", 'OTHER'],
    ['`secret', 'OTHER'],
    ['', 'OTHER'],
  ])('without what may be a credential: %s', (table, label) => {
    expect(labelOfTable(table)).toBe(label);
  });
});
