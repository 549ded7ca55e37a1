/** The measuring of carriers behind {@code duplex lab}: one feed over each of them, counted at the socket. */
package dev.duplex.lab;
