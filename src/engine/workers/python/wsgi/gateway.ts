/**
 * Between the front, which speaks of connections and their bytes, and a WSGI app, which knows requests and answers.
 * Looks to the engine like the worker's end of a wire (protocol/frames.ts).
 */
import {
  FRAME_HEADER_BYTES,
  Frame,
  FrameReader,
  FrameWriter,
  type OpenInfo,
} from '../../../../wire/frames.ts';
import { BodyReader } from './body-reader.ts';
import { ConnectionFlow } from './connection-flow.ts';
import { connectionEnviron, readHead } from './environ.ts';
import { Lane as LaneFrame, laneFrame, writeLaneHeader } from './lane-frames.ts';
import type { Connection, LaneRequest } from './lane-request.ts';
import type { Lane, Lanes } from './lanes.ts';
import { expectationFailed, WsgiResponse } from './response.ts';

/**
 * What the engine is told of the time a request keeps its worker, in µs: more than it takes to wake another one, so
 * that requests are not put together on one worker.
 */
const LONG_US = 1000;

const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');

export interface GatewayOptions {
  lanes: Lanes;
  /** Value of the `Server` header. */
  software: string;
  /** Bytes of frames for the engine. */
  bytes(bytes: Buffer): void;
  /** A message of the engine to Python, as a whole frame. */
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

  /** Bytes from the engine; control messages are not for here. */
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
        if (!request.over) this.#send(request, request.answer.whole(bytes, start, end));
        this.#answered(request);
        break;
      }
      case LaneFrame.START:
        if (!request.over) this.#send(request, request.answer.start(bytes, start, end));
        break;
      case LaneFrame.DATA:
        if (!request.over) this.#send(request, request.answer.data(bytes, start, end));
        break;
      case LaneFrame.END:
        if (!request.over) this.#send(request, request.answer.end());
        this.#answered(request);
        break;
      case LaneFrame.CONTINUE:
        // An app may begin to answer before it reads the body; within an answer there is no place for another one.
        if (!request.over && !request.answer.begun) this.#send(request, CONTINUE);
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
    // Not in the engine's own call, and together with what else happens in it.
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
      // Its connection was given up while the request was on its way: another stream can carry it.
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
        // Half of a body will never be a whole one; after a whole one the client may wait for its answer.
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
    const answer = new WsgiResponse(head, this.#software);
    const request = { id, connection, lane, body, answer, bodyEnded: body.done, over: false };
    connection.request = request;
    this.#serving.set(lane, request);
    const length = head.environ.length;
    const out = Buffer.allocUnsafe(FRAME_HEADER_BYTES + length);
    writeLaneHeader(out, body.done ? LaneFrame.REQUEST : LaneFrame.REQUEST_WITH_BODY, id, length);
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
    if (!request.over && request.answer.close) request.connection.flow.end();
    request.over = true;
    this.#endBody(request);
  }

  #free(request: LaneRequest): void {
    this.#serving.delete(request.lane);
    if (request.connection.request === request) request.connection.request = undefined;
    // A slow client held it up; what has come of the answer waits with the connection.
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
