// The client of Go's gorilla/websocket; takes {do: "fragments", texts} besides.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"sync"

	"github.com/gorilla/websocket"
)

type command struct {
	Do, Url, Text, Reason string
	Compress              bool
	Data                  []byte
	Texts                 []string
	Code                  int
}

type event map[string]interface{}

var telling sync.Mutex

func tell(e event) {
	telling.Lock()
	defer telling.Unlock()
	line, _ := json.Marshal(e)
	os.Stdout.Write(append(line, '\n'))
}

func listen(socket *websocket.Conn) {
	for {
		kind, data, err := socket.ReadMessage()
		if end, ok := err.(*websocket.CloseError); ok {
			tell(event{"on": "close", "code": end.Code, "reason": end.Text, "clean": end.Code != 1006})
			socket.Close()
			return
		}
		if err != nil {
			tell(event{"on": "error", "message": err.Error()})
			return
		}
		if kind == websocket.TextMessage {
			tell(event{"on": "text", "text": string(data)})
		} else {
			tell(event{"on": "binary", "data": data})
		}
	}
}

func open(c command) *websocket.Conn {
	// What is written in pieces leaves in fragments of the write buffer's size.
	dialer := websocket.Dialer{EnableCompression: c.Compress, WriteBufferSize: 4096}
	socket, response, err := dialer.Dial(c.Url, nil)
	if err != nil {
		tell(event{"on": "error", "message": err.Error()})
		return nil
	}
	tell(event{"on": "open", "extensions": response.Header.Get("Sec-WebSocket-Extensions")})
	go listen(socket)
	return socket
}

func fragments(socket *websocket.Conn, texts []string) {
	writer, _ := socket.NextWriter(websocket.TextMessage)
	for _, text := range texts {
		io.WriteString(writer, text)
	}
	writer.Close()
}

func main() {
	commands := json.NewDecoder(bufio.NewReader(os.Stdin))
	var socket *websocket.Conn
	for {
		var c command
		if commands.Decode(&c) != nil {
			return
		}
		switch c.Do {
		case "open":
			socket = open(c)
		case "text":
			socket.WriteMessage(websocket.TextMessage, []byte(c.Text))
		case "binary":
			socket.WriteMessage(websocket.BinaryMessage, c.Data)
		case "fragments":
			fragments(socket, c.Texts)
		case "close":
			socket.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(c.Code, c.Reason))
		}
	}
}
