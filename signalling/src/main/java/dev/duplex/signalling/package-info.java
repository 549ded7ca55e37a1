/**
 * The way to WebRTC: rooms in which peers find each other and pass offers, answers and candidates.
 *
 * <p>{@link dev.duplex.signalling.Signalling} is an endpoint; {@code docs/signalling.md} has the messages. Media never comes here.
 */
package dev.duplex.signalling;
