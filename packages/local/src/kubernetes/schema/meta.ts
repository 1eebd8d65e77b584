import { dnsSubdomain, integer, labels, list, object, setOf, stringMap, text } from './field.ts';

/** Metadata of every object. `managedFields` and what else the server sets may be sent back, and is ignored. */
export const metadataField = object(
  {
    name: dnsSubdomain,
    namespace: text,
    labels,
    annotations: stringMap,
    finalizers: setOf(text),
    ownerReferences: list(
      object({ apiVersion: text, kind: text, name: text, uid: text }, 'apiVersion', 'kind', 'name', 'uid'),
    ),
    uid: text,
    resourceVersion: text,
    generation: integer(),
    creationTimestamp: text,
  },
  'name',
);
