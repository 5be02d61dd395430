/**
 * Loaded into a forked process before its own code: gives it `process.parentPort` and MessagePorts as Electron's
 * utility processes have them, over the channel of child_process. utility-process.ts is the other end.
 */
import { EventEmitter } from 'node:events'
import { isMainThread } from 'node:worker_threads'

class RemotePort extends EventEmitter {
  #id
  #waiting = []

  constructor(id) {
    super()
    this.#id = id
  }

  postMessage(data) {
    if (process.connected) process.send({ port: this.#id, data })
  }

  start() {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const data of waiting) this.emit('message', { data, ports: [] })
  }

  close() {
    if (process.connected) process.send({ port: this.#id, closed: true })
    this.emit('close')
  }

  receive(data) {
    if (this.#waiting === null) this.emit('message', { data, ports: [] })
    else this.#waiting.push(data)
  }
}

class ParentPort extends EventEmitter {
  #ports = new Map()
  #waiting = []

  constructor() {
    super()
    // Electron starts this port with the first listener.
    this.on('newListener', (event) => {
      if (event === 'message') queueMicrotask(() => this.#start())
    })
    process.on('message', (message) => this.#receive(message))
  }

  postMessage(data) {
    if (process.connected) process.send({ port: null, data })
  }

  #start() {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const event of waiting) this.emit('message', event)
  }

  #receive({ port, data, ports = [], closed }) {
    if (port !== null) {
      const target = this.#ports.get(port)
      if (closed !== true) target?.receive(data)
      else if (this.#ports.delete(port)) target.emit('close')
      return
    }
    const event = { data, ports: ports.map((id) => new RemotePort(id)) }
    ports.forEach((id, k) => this.#ports.set(id, event.ports[k]))
    if (this.#waiting === null) this.emit('message', event)
    else this.#waiting.push(event)
  }
}

// Worker threads inherit --import, but have no parent port.
if (isMainThread) {
  process.parentPort = new ParentPort()
  // A utility process ends with its browser process.
  process.on('disconnect', () => process.exit())
}
