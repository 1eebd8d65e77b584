import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

type Given = Pick<Stripe.Product, 'name'> &
  Partial<Pick<Stripe.Product, 'id' | 'active' | 'description' | 'metadata' | 'tax_code' | 'unit_label' | 'url'>>;

export function newProduct(work: Work, given: Given): Stripe.Product {
  return {
    id: given.id ?? work.id('product'),
    object: 'product',
    active: given.active ?? true,
    created: work.now,
    default_price: null,
    description: given.description ?? null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: given.metadata ?? {},
    name: given.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: given.tax_code ?? null,
    tax_details: null,
    type: 'service',
    unit_label: given.unit_label ?? null,
    updated: work.now,
    url: given.url ?? null,
  };
}
