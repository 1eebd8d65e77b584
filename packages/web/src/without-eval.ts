import { config } from 'zod';

// Schemas are checked as they are, not by code made from them: the content security policy lets no page make code from text. It must be
// said before the first schema is made, so this comes before every other import.
config({ jitless: true });
