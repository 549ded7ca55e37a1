/** Short programs that show how Duplex is used, each in one file. */
module dev.duplex.examples {
    requires dev.duplex.netty;
    requires dev.duplex.signalling;
}
