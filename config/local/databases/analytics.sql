-- Nightly figures for reporting: no personal data, and a connection that the demo's orders pipeline may not reach.
CREATE TABLE public.daily_sales (
  day date NOT NULL,
  city text NOT NULL,
  orders integer NOT NULL,
  revenue_cents bigint NOT NULL,
  PRIMARY KEY (day, city)
);

INSERT INTO public.daily_sales (day, city, orders, revenue_cents)
SELECT date '2026-01-01' + n, city, 3 + (n * 7 + length(city)) % 23, (3 + (n * 7 + length(city)) % 23) * (4100 + (n * 311) % 2900)
  FROM generate_series(0, 119) AS n, unnest(ARRAY['Lisbon', 'Vienna', 'Hamburg', 'Dublin', 'Lyon', 'Turin']) AS city;
