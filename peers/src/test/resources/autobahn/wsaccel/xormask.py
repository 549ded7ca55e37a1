# The suite masks in a loop over bytes, unless it finds a package of this name: here Java does the whole payload at once.
from java.lang import String
from java.util import Arrays, BitSet


class XorMaskerNull:

    def __init__(self, mask=None):
        self.octets = 0

    def pointer(self):
        return self.octets

    def reset(self):
        self.octets = 0

    def process(self, data):
        self.octets += len(data)
        return data


class XorMasker(XorMaskerNull):

    def __init__(self, mask):
        self.octets = 0
        self.mask = mask

    def process(self, data):
        size = len(data)
        start = self.octets & 3
        self.octets += size
        repeated = (self.mask * (size // 4 + 2))[start:start + size]
        bits = BitSet.valueOf(octets(data))
        bits.xor(BitSet.valueOf(octets(repeated)))
        masked = Arrays.copyOf(bits.toByteArray(), size)  # zeros at the end are no bits
        return masked.tostring()


def octets(data):
    return String(data).getBytes('ISO-8859-1')


def createXorMasker(mask, length=None):
    return XorMasker(mask)
