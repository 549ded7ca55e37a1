/** The page that {@code duplex serve} shows, as files to be served by whatever serves files. */
package dev.duplex.web;
