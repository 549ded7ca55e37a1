/** The {@code duplex} command. */
module dev.duplex.cli {
    requires dev.duplex.conformance;
    requires dev.duplex.fallback;
    requires dev.duplex.lab;
    requires dev.duplex.load;
    requires dev.duplex.netty;
    requires dev.duplex.signalling;
    requires dev.duplex.web;
    requires info.picocli;
    requires jdk.unsupported;
    requires tools.jackson.jr.ob;

    exports dev.duplex.cli;

    opens dev.duplex.cli to info.picocli;
}
