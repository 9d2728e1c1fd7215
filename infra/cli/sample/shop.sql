-- What there is to read and change in the sample database.
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email text NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total numeric(10, 2) NOT NULL);
INSERT INTO customers SELECT n, 'Customer ' || n, 'customer' || n || '@example.org' FROM generate_series(1, 100) AS n;
INSERT INTO orders SELECT n, 1 + n % 100, n * 1.5 FROM generate_series(1, 500) AS n;
