/** A client's way through the proxies of others: HTTP CONNECT and SOCKS, as pure code, and which proxy is to be used when. */
module dev.duplex.proxy {
    exports dev.duplex.proxy;
}
