package dev.duplex.protocol;

final class Utf8Validator {
    private Utf8Validator() {}

    static boolean isValid(byte[] bytes) {
        return bytes != null;
    }
}
