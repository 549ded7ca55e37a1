/** The page that {@code duplex serve} shows: plain files. */
module dev.duplex.web {
    exports dev.duplex.web;
}
