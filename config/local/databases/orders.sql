-- A small shop, made up by arithmetic: the same rows on every machine. Names and addresses are invented, e-mail is at
-- example domains (RFC 2606), phones are in the ranges kept free for fiction, card numbers pass the Luhn check and belong
-- to nobody: their first eight digits are those of published test cards.

CREATE TABLE public.customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  phone text,
  city text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.products (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents > 0)
);

CREATE TABLE public.orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES public.customers (id),
  status text NOT NULL DEFAULT 'placed'
    CHECK (status IN ('placed', 'paid', 'shipped', 'delivered', 'returned', 'cancelled')),
  total_cents bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_customer_id ON public.orders (customer_id);

CREATE TABLE public.order_items (
  order_id bigint NOT NULL REFERENCES public.orders (id) ON DELETE CASCADE,
  product_id bigint NOT NULL REFERENCES public.products (id),
  quantity integer NOT NULL CHECK (quantity > 0),
  price_cents integer NOT NULL,
  PRIMARY KEY (order_id, product_id)
);

CREATE TABLE public.payments (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL REFERENCES public.orders (id) ON DELETE CASCADE,
  card_number text NOT NULL,
  brand text NOT NULL,
  amount_cents bigint NOT NULL,
  paid_at timestamptz NOT NULL
);
CREATE INDEX payments_order_id ON public.payments (order_id);

CREATE VIEW public.customer_contacts AS
  SELECT c.id, c.name, c.email, c.phone, count(o.id) AS orders
    FROM public.customers c LEFT JOIN public.orders o ON o.customer_id = c.id
   GROUP BY c.id;

-- Appends the digit that makes a number pass the Luhn check (ISO/IEC 7812-1, annex B).
CREATE FUNCTION public.with_check_digit(digits text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT digits || ((10 - sum(CASE WHEN (length(digits) - n) % 2 = 0 THEN d * 2 - 9 * (d / 5) ELSE d END) % 10) % 10)::text
    FROM generate_series(1, length(digits)) AS n, LATERAL (SELECT substr(digits, n, 1)::integer AS d) AS digit
$$;

INSERT INTO public.customers (name, email, phone, city, created_at)
SELECT first || ' ' || last,
       lower(first || '.' || last || n) || '@' || (ARRAY['example.com', 'example.org', 'example.net'])[1 + n % 3],
       CASE WHEN n % 11 = 0 THEN NULL ELSE '+1-202-555-' || lpad((100 + n % 100)::text, 4, '0') END,
       (ARRAY['Lisbon', 'Porto', 'Vienna', 'Graz', 'Hamburg', 'Leipzig', 'Dublin', 'Cork', 'Lyon', 'Nantes', 'Turin'])[1 + (n * 5) % 11],
       timestamptz '2025-01-03 08:00:00+00' + n * interval '13 hours 17 minutes'
  FROM generate_series(1, 500) AS n,
       LATERAL (SELECT (ARRAY['Ana', 'Bruno', 'Clara', 'David', 'Elena', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Katya', 'Liam', 'Maya', 'Noor', 'Oscar', 'Priya'])[1 + n % 16] AS first,
                       (ARRAY['Almeida', 'Bauer', 'Costa', 'Dubois', 'Eriksen', 'Fischer', 'Gallo', 'Hughes', 'Ivanova', 'Jansen', 'Kelly', 'Lopez', 'Moreau'])[1 + (n * 7) % 13] AS last) AS person;

INSERT INTO public.products (sku, name, price_cents)
SELECT 'SKU-' || lpad(n::text, 4, '0'),
       (ARRAY['Walnut', 'Linen', 'Steel', 'Ceramic', 'Cork', 'Glass'])[1 + n % 6] || ' ' || (ARRAY['lamp', 'tray', 'stool', 'vase', 'clock', 'shelf', 'kettle', 'mirror', 'bowl', 'rack'])[1 + n % 10],
       500 + (n * 1373) % 24000
  FROM generate_series(1, 60) AS n;

INSERT INTO public.orders (customer_id, status, created_at)
SELECT 1 + (n * 37) % 500,
       (ARRAY['delivered', 'delivered', 'shipped', 'paid', 'placed', 'cancelled', 'delivered', 'returned'])[1 + n % 8],
       timestamptz '2026-01-02 09:00:00+00' + n * interval '3 hours 53 minutes'
  FROM generate_series(1, 1500) AS n;

INSERT INTO public.order_items (order_id, product_id, quantity, price_cents)
SELECT o.id, p.id, 1 + (o.id + p.id) % 3, p.price_cents
  FROM public.orders o
  JOIN LATERAL (SELECT DISTINCT 1 + (o.id * 7 + k * 11) % 60 AS product_id FROM generate_series(0, (o.id % 3)::integer) AS k) AS chosen ON true
  JOIN public.products p ON p.id = chosen.product_id;

UPDATE public.orders o
   SET total_cents = (SELECT sum(i.quantity * i.price_cents) FROM public.order_items i WHERE i.order_id = o.id);

INSERT INTO public.payments (order_id, card_number, brand, amount_cents, paid_at)
SELECT o.id, public.with_check_digit(card.prefix || lpad(((o.customer_id * 7919) % 10000000)::text, card.length - 9, '0')), card.brand, o.total_cents,
       o.created_at + interval '4 minutes'
  FROM public.orders o
  JOIN (VALUES (0, '42424242', 'visa', 16), (1, '55555555', 'mastercard', 16), (2, '60111111', 'discover', 16)) AS card (slot, prefix, brand, length)
    ON card.slot = o.customer_id % 3
 WHERE o.status IN ('paid', 'shipped', 'delivered', 'returned');

DROP FUNCTION public.with_check_digit(text);

-- Keeps an order's total right. Made last: the rows above come with theirs.
CREATE FUNCTION public.refresh_order_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.orders
     SET total_cents = coalesce((SELECT sum(quantity * price_cents) FROM public.order_items WHERE order_id = coalesce(NEW.order_id, OLD.order_id)), 0)
   WHERE id = coalesce(NEW.order_id, OLD.order_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER order_items_total AFTER INSERT OR UPDATE OR DELETE ON public.order_items
  FOR EACH ROW EXECUTE FUNCTION public.refresh_order_total();
