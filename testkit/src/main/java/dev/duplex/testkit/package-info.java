/** A proxy that does to a connection what networks do, and the same in memory under virtual time. */
package dev.duplex.testkit;
