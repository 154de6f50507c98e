/**
 * Translates between the front, which sends connections and their bytes, and a WSGI app, which takes requests and
 * returns responses. For the engine it is the worker's end of a wire (wire/frames.ts).
 */
import { FrameReader } from '../../../../wire/frame-reader.ts';
import { FrameWriter, writeFrameHeader } from '../../../../wire/frame-writer.ts';
import { FRAME_HEADER_BYTES, Frame, type OpenInfo } from '../../../../wire/frames.ts';
import { BodyReader } from './body-reader.ts';
import { ConnectionFlow } from './connection-flow.ts';
import { connectionEnviron, readHead } from './environ.ts';
import { LaneFrame, laneFrame } from './lane-frames.ts';
import type { Connection, LaneRequest } from './lane-request.ts';
import type { Lane, Lanes } from './lanes.ts';
import { expectationFailed, WsgiResponse } from './response.ts';

/**
 * The time that a request keeps its worker, as reported to the engine, in µs: longer than waking another worker takes, so
 * that the engine does not put requests together on one worker.
 */
const LONG_US = 1000;

const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');

export interface GatewayOptions {
  lanes: Lanes;
  /** Value of the `Server` header. */
  software: string;
  /** Sends frames to the engine. */
  bytes(bytes: Buffer): void;
  /** Passes a message of the engine to Python, as a whole frame. */
  control(frame: Buffer): void;
}

export class Gateway {
  #control: (frame: Buffer) => void;
  #lanes: Lanes;
  #software: string;
  #writer: FrameWriter;
  #reader: FrameReader;
  #connections = new Map<number, Connection>();
  #serving = new Map<Lane, LaneRequest>();
  #flushing = false;

  constructor({ lanes, software, bytes, control }: GatewayOptions) {
    this.#control = control;
    this.#lanes = lanes;
    this.#software = software;
    this.#writer = new FrameWriter(bytes);
    this.#reader = new FrameReader((type, stream, bytes, start, end) => {
      this.#onFrame(type, stream, bytes, start, end);
    });
  }

  /** Bytes from the engine. */
  feed(bytes: Buffer): void {
    this.#reader.feed(bytes);
    this.#touch();
  }

  /** A frame from Python. */
  onLane(lane: Lane, type: number, id: number, bytes: Buffer, start: number, end: number): void {
    if (type === LaneFrame.CONTROL) {
      this.#writer.bytes(Frame.CONTROL, 0, bytes, start, end);
      this.#touch();
      return;
    }
    const request = this.#serving.get(lane);
    if (request === undefined || request.id !== id) return;
    switch (type) {
      case LaneFrame.ANSWER: {
        if (!request.over) this.#send(request, request.response.whole(bytes, start, end));
        this.#answered(request);
        break;
      }
      case LaneFrame.START:
        if (!request.over) this.#send(request, request.response.start(bytes, start, end));
        break;
      case LaneFrame.DATA:
        if (!request.over) this.#send(request, request.response.data(bytes, start, end));
        break;
      case LaneFrame.END:
        if (!request.over) this.#send(request, request.response.end());
        this.#answered(request);
        break;
      case LaneFrame.CONTINUE:
        // An app may respond before it reads the body. A 100 can't stand within a response.
        if (!request.over && !request.response.started) this.#send(request, CONTINUE);
        break;
      case LaneFrame.GONE:
        if (!request.over) this.#reset(request.connection);
        this.#endBody(request);
        break;
      case LaneFrame.FREE:
        this.#free(request);
    }
    this.#touch();
  }

  #touch(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    // After the engine's call, so that all its frames are sent together.
    queueMicrotask(() => {
      this.#flushing = false;
      this.#writer.flush();
    });
  }

  #onFrame(type: number, stream: number, bytes: Buffer, start: number, end: number): void {
    if (type === Frame.OPEN) {
      const info = JSON.parse(bytes.toString('utf8', start, end)) as OpenInfo;
      const flow = new ConnectionFlow(stream, this.#writer);
      this.#connections.set(stream, { flow, environ: connectionEnviron(info), request: undefined });
      return;
    }
    if (type === Frame.CONTROL) {
      this.#control(bytes.subarray(start - FRAME_HEADER_BYTES, end));
      return;
    }
    if (type === Frame.PING) {
      this.#writer.small(Frame.PONG, 0);
      return;
    }
    const connection = this.#connections.get(stream);
    if (connection === undefined) {
      // Its connection was closed while the request was on its way: another stream can carry it.
      if (type === Frame.HEAD) this.#giveBack(stream, bytes.readUInt32LE(start + 4));
      return;
    }
    switch (type) {
      case Frame.HEAD:
        this.#onHead(connection, bytes, start, end);
        return;
      case Frame.DATA:
        this.#onBody(connection, bytes.subarray(start, end));
        return;
      case Frame.CREDIT:
        connection.flow.grant(bytes.readUInt32LE(start));
        if (!connection.flow.waits) connection.request?.lane.socket.resume();
        this.#touch();
        return;
      case Frame.FIN:
        // An incomplete body stays incomplete. After a complete one the client may still wait for the response.
        if (connection.request?.body.done === false) this.#clientGone(connection);
        return;
      case Frame.RESET:
        this.#connections.delete(stream);
        this.#clientGone(connection);
    }
  }

  #onHead(connection: Connection, bytes: Buffer, start: number, end: number): void {
    const id = bytes.readUInt32LE(start);
    const slot = bytes.readUInt32LE(start + 4);
    const head = readHead(bytes, start + 8, end, connection.environ);
    if (head.expectsTooMuch) {
      this.#writer.started(connection.flow.stream, slot, LONG_US);
      connection.flow.credit(end - start - 8);
      connection.flow.send(expectationFailed(head.method, this.#software));
      connection.flow.end();
      this.#writer.small(Frame.FREED, connection.flow.stream);
      return;
    }
    const lane = this.#lanes.take();
    if (lane === undefined) throw new Error('A Python worker was given more requests than it takes');
    const body = new BodyReader(head.bodyLength);
    const response = new WsgiResponse(head, this.#software);
    const request = { id, connection, lane, body, response, bodyEnded: body.done, over: false };
    connection.request = request;
    this.#serving.set(lane, request);
    const length = head.environ.length;
    const out = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
    writeFrameHeader(out, 0, body.done ? LaneFrame.REQUEST : LaneFrame.REQUEST_WITH_BODY, id, length);
    out.write(head.environ, FRAME_HEADER_BYTES, 'latin1');
    lane.socket.write(out);
    this.#writer.started(connection.flow.stream, slot, LONG_US);
    connection.flow.credit(end - start - 8);
  }

  #giveBack(stream: number, slot: number): void {
    this.#writer.small(Frame.DROPPED, stream, slot);
    this.#writer.small(Frame.FREED, stream);
    this.#touch();
  }

  #onBody(connection: Connection, bytes: Buffer): void {
    const { request } = connection;
    let room = true;
    if (request !== undefined && !request.bodyEnded) {
      const { lane, body, id } = request;
      body.feed(bytes, (part) => {
        room = lane.socket.write(laneFrame(LaneFrame.DATA, id, part));
      });
      if (body.done) this.#endBody(request);
    }
    if (room || request === undefined) connection.flow.credit(bytes.length);
    else {
      request.lane.socket.once('drain', () => {
        connection.flow.credit(bytes.length);
        this.#touch();
      });
    }
  }

  #endBody(request: LaneRequest): void {
    if (request.bodyEnded) return;
    request.bodyEnded = true;
    request.lane.socket.write(laneFrame(LaneFrame.END, request.id));
  }

  #clientGone(connection: Connection): void {
    const { request } = connection;
    connection.flow.drop();
    if (request === undefined) return;
    request.lane.socket.resume();
    if (request.over) return;
    request.over = true;
    request.bodyEnded = true;
    request.lane.socket.write(laneFrame(LaneFrame.GONE, request.id));
  }

  #answered(request: LaneRequest): void {
    if (!request.over && request.response.close) request.connection.flow.end();
    request.over = true;
    this.#endBody(request);
  }

  #free(request: LaneRequest): void {
    this.#serving.delete(request.lane);
    if (request.connection.request === request) request.connection.request = undefined;
    // A slow client may have paused it. The rest of the response waits with the connection.
    request.lane.socket.resume();
    this.#lanes.release(request.lane);
    this.#writer.small(Frame.FREED, request.connection.flow.stream);
  }

  #reset(connection: Connection): void {
    this.#connections.delete(connection.flow.stream);
    this.#writer.small(Frame.RESET, connection.flow.stream);
    if (connection.request !== undefined) connection.request.over = true;
  }

  #send({ connection, lane }: LaneRequest, bytes: Buffer): void {
    if (bytes.length === 0) return;
    connection.flow.send(bytes);
    if (connection.flow.waits) lane.socket.pause();
    else lane.socket.resume();
    this.#touch();
  }
}
