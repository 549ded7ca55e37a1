# Runs the suite's own command under Jython, with every port on loopback alone.
from twisted.internet import reactor
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure

from autobahn.utf8validator import Utf8Validator
from autobahn.websocket import WebSocketProtocol

listen = reactor.listenTCP
reactor.listenTCP = lambda port, factory, backlog=50, interface='': listen(port, factory, backlog, '127.0.0.1')

# Jython's sockets close as a whole when the peer ends its output. Twisted then waits for ever to write, and the suite
# for the end that makes it note the case.
drop = WebSocketProtocol.dropConnection


def drop_and_end(self, abort=False):
    drop(self, abort)
    reactor.callLater(1, end, self.transport)


def end(transport):
    if transport.connected:
        transport.connectionLost(Failure(ConnectionDone()))


WebSocketProtocol.dropConnection = drop_and_end

# The suite validates in a loop over bytes: a second for each mebibyte, and its large texts are ASCII.
validate = Utf8Validator.validate


def validate_at_once(self, data):
    if self.state != Utf8Validator.UTF8_ACCEPT or not is_ascii(data):
        return validate(self, data)
    self.i += len(data)
    return True, True, len(data), self.i


def is_ascii(data):
    try:
        data.decode('ascii')
        return True
    except UnicodeDecodeError:
        return False


Utf8Validator.validate = validate_at_once

from autobahntestsuite import wstest

wstest.run()
