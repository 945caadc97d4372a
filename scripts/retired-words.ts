/** A word that this repository does not use, and what to write. */
export interface RetiredWord {
  /** As a reader looks it up in CONTRIBUTING.md. */
  readonly word: string;
  /** Matches the word in code, comments and documents. */
  readonly pattern: RegExp;
  readonly instead: string;
}

export const retiredWords: readonly RetiredWord[] = [
  { word: 'who, whoever, whom', pattern: /\b(?:who|whoever|whom)\b/i, instead: 'the caller, the user, the process, the module' },
  {
    word: 'somebody, nobody, anybody, everybody',
    pattern: /\b(?:some|no|any|every)body\b/i,
    instead: 'name the subject: no statement, each waiter, another process',
  },
  { word: 'he, him, his, himself', pattern: /\b(?:he|him|his|himself)\b/i, instead: 'it, or the name of the subject' },
  { word: 'hears of, is told of', pattern: /\bhears? (?:of|that)\b|\b(?:is|are) told\b/i, instead: 'is notified, receives, fails with' },
  { word: 'circle', pattern: /(?<!<)circles?(?![a-z])/i, instead: 'cycle' },
  { word: 'maker', pattern: /\bmakers?\b|Makers?(?![a-z])/, instead: 'provider' },
  { word: 'routine', pattern: /\broutines?\b|Routines?(?![a-z])/, instead: 'callable' },
  { word: 'farewell, patience', pattern: /farewell|patience/i, instead: 'grace period, timeout' },
  { word: 'monster', pattern: /monster/i, instead: 'file that is nested too deep' },
  { word: 'slips', pattern: /\bslips?\b/i, instead: 'misspelled variable' },
  { word: 'entrusted', pattern: /entrust/i, instead: 'stored callback' },
  { word: 'speaker', pattern: /speaker/i, instead: 'settings reporter' },
  { word: 'house, room', pattern: /\bthe house\b|\brooms?\b(?! for)/i, instead: 'repository, folder' },
];
