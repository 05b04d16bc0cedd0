-- The county's own database: each municipality is a partition, and no row is kept here. Run once, in an empty
-- database, by a superuser (postgres_fdw asks for one); then municipality-add.sql for each municipality.
--   psql --file county.sql DATABASE
\set ON_ERROR_STOP on
BEGIN;

CREATE EXTENSION postgres_fdw;

CREATE TABLE measurement (
    municipality text NOT NULL,
    id integer NOT NULL,
    name text NOT NULL,
    measured_on date NOT NULL,
    frozen_at timestamptz NOT NULL,
    checksum text NOT NULL,
    threshold_numerator bigint NOT NULL,
    threshold_denominator bigint NOT NULL
) PARTITION BY LIST (municipality);

CREATE TABLE measurement_row (
    municipality text NOT NULL,
    measurement_id integer NOT NULL,
    position integer NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    parent text,
    committee text,
    depth integer NOT NULL,
    employees integer NOT NULL,
    target integer NOT NULL,
    trained integer NOT NULL,
    expired integer NOT NULL,
    started integer NOT NULL,
    not_started integer NOT NULL,
    offered integer NOT NULL,
    exempt integer NOT NULL,
    external integer NOT NULL,
    without_course integer NOT NULL,
    without_role integer NOT NULL
) PARTITION BY LIST (municipality);

-- measure.md rules 8 and 9: secured is exact, without rounding; divisions and externals are not in the measure.
-- The municipality stands in every join and group, so that each server counts its own rows.
CREATE VIEW measure AS
SELECT one.municipality, one.id, one.name, one.measured_on, counted.kind, counted.with_target, counted.secured
FROM measurement AS one
JOIN (
    SELECT row.municipality, row.measurement_id, row.kind,
           count(*) FILTER (WHERE row.target > 0) AS with_target,
           count(*) FILTER (WHERE row.target > 0
               AND row.trained::bigint * head.threshold_denominator >= row.target::bigint * head.threshold_numerator
           ) AS secured
    FROM measurement_row AS row
    JOIN measurement AS head ON head.municipality = row.municipality AND head.id = row.measurement_id
    WHERE row.kind IN ('department', 'unit')
    GROUP BY row.municipality, row.measurement_id, row.kind
) AS counted ON counted.municipality = one.municipality AND counted.measurement_id = one.id;

-- A join and a count are sent to the servers that have the rows, and asked of all of them at once.
SELECT format('ALTER DATABASE %I SET %s = on', current_database(), setting)
FROM unnest(ARRAY['enable_partitionwise_join', 'enable_partitionwise_aggregate']) AS setting
\gexec

COMMIT;
