package dev.duplex.proxy;

/**
 * What is to be reached through a proxy.
 *
 * @param host a name, or an address without brackets
 * @param port its TCP port
 */
record Target(String host, int port) {

    /** The address, if the host is one; else null. */
    byte[] address() {
        return Exempt.address(host);
    }

    /** As it stands in a CONNECT (RFC 9110 §7.1). */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
