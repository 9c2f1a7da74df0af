-- A database for each service, made when the server starts for the first time.
CREATE DATABASE doa_orders OWNER doa ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE doa_inventory OWNER doa ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE doa_payments OWNER doa ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE doa_shipping OWNER doa ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE doa_notifications OWNER doa ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE doa_stats OWNER doa ENCODING 'UTF8' TEMPLATE template0;
CREATE DATABASE doa_journal OWNER doa ENCODING 'UTF8' TEMPLATE template0;
