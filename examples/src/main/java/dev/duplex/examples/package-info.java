/** Short programs that show how Duplex is used, each in one file. Servers take their port from {@code -Dport}, clients their URL. */
package dev.duplex.examples;
