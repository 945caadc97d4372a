import { writePages } from './write-pages.js';

writePages();
