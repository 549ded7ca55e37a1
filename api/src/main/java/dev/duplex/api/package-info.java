/**
 * What an application sees: an {@link dev.duplex.api.Endpoint} turns an {@link dev.duplex.api.Opening} into a
 * {@link dev.duplex.api.Listener}, which is told of each message on a {@link dev.duplex.api.Connection}.
 *
 * <p>There are two ways to write an endpoint. Callbacks run on the event loop and must never block. A
 * {@link dev.duplex.api.Conversation} is a plain loop on a virtual thread. Both rest on the same backpressure.
 */
package dev.duplex.api;
