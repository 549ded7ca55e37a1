package dev.duplex.netty;

/** What answers a plain HTTP request inside the server: a route of the application, or a directory of files. */
@FunctionalInterface
interface Page {
    /** @param below the path's segments below the route, for a route that has any */
    Reply reply(HttpQuery query, String below);
}
