-- Opens one municipality's frozen measurements to the county: figures of units, no person. Run once, in that
-- municipality's own database, by its owner. The passwords and the names are the operator's:
--   psql --set municipality=0127 --set reader=county_0127 --set password=… --file municipality.sql DATABASE
\set ON_ERROR_STOP on
BEGIN;

CREATE SCHEMA county;

CREATE VIEW county.measurement AS
SELECT :'municipality'::text AS municipality, id, name, measured_on, frozen_at, checksum,
       split_part(threshold, '/', 1)::bigint AS threshold_numerator,
       coalesce(nullif(split_part(threshold, '/', 2), ''), '1')::bigint AS threshold_denominator
FROM public.measurement;

CREATE VIEW county.measurement_row AS
SELECT :'municipality'::text AS municipality, measurement_id, position, code, name, kind, parent, committee,
       depth, employees, target, trained, expired, started, not_started, offered,
       exempt, external, without_course, without_role
FROM public.measurement_row;

-- The county reads, whatever its own rights are set to there.
CREATE ROLE :"reader" LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
ALTER ROLE :"reader" SET default_transaction_read_only = on;
GRANT USAGE ON SCHEMA county TO :"reader";
GRANT SELECT ON ALL TABLES IN SCHEMA county TO :"reader";

COMMIT;
