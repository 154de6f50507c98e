/** The report on `raceReport()`, by the width of the terminal. */
export const GOLDEN: Readonly<Record<60 | 80 | 120, string>> = {
  60: `
✗ coupon.http: 1 race

  error: wrong state
  Two POST /apply both answered 200 and the balance is 2; in
  both serial orders one gets 401 and it is 1.

  r0  POST /apply (1st)
  r1  POST /apply (2nd)
  ──────────────────────────────────────────────────────────
  r0  starts
  r0  redeem.js:12  SELECT used FROM coupons WHERE code = ?
  r0  held here
  ────────────────────── switch to r1 ─────────────────────→
  r1  starts
  r1  redeem.js:12  SELECT used FROM coupons WHERE code = ?
  r1  redeem.js:18  UPDATE coupons SET used = used + 1
  r1  is answered: 200 {"applied":true}
  ←───────────────────── switch to r0 ──────────────────────
  r0  goes on
  r0  redeem.js:18  UPDATE coupons SET used = used + 1
  r0  is answered: 200 {"applied":true}

  what differs from the nearest serial order
    POST /apply (r1): 401 in the nearest serial order, 200
      here
    GET /balance: $.balance is 1, 2 here

  reproduced 10 of 10 (1 pause, one worker, warmed up)
  replay concurrent-server races coupon.http --replay 1:one:warm:r0@query:redeem:redeem.js:1

explored: 12 of 40 schedules, with one worker and with
several
coverage: 34 boundaries, 3 of unknown requests, 2 orders
impossible
not compared, as it differs between runs of one order: $.id,
header Date
31 trials in 8.4 s, seed 42
To keep it as a test, add --write-test. If it is meant to be
so, add to coupon.http:
  # @accept 1:one:warm:r0@query:redeem:redeem.js:1 REASON
`,
  80: `
✗ coupon.http: 1 race

  error: wrong state
  Two POST /apply both answered 200 and the balance is 2; in both serial orders
  one gets 401 and it is 1.

  r0 POST /apply (1st)                  │ r1 POST /apply (2nd)
  ──────────────────────────────────────┼──────────────────────────────────────
  starts                                │
  redeem.js:12                          │
    SELECT used FROM coupons WHERE code │
    = ?                                 │
  held here                             │
  ─────────────────────────────── switch to r1 ───────────────────────────────→
                                        │ starts
                                        │ redeem.js:12
                                        │   SELECT used FROM coupons WHERE code
                                        │   = ?
                                        │ redeem.js:18
                                        │   UPDATE coupons SET used = used + 1
                                        │ is answered: 200 {"applied":true}
  ←────────────────────────────── switch to r0 ────────────────────────────────
  goes on                               │
  redeem.js:18                          │
    UPDATE coupons SET used = used + 1  │
  is answered: 200 {"applied":true}     │

  what differs from the nearest serial order
    POST /apply (r1): 401 in the nearest serial order, 200 here
    GET /balance: $.balance is 1, 2 here

  reproduced 10 of 10 (1 pause, one worker, warmed up)
  replay concurrent-server races coupon.http --replay 1:one:warm:r0@query:redeem:redeem.js:1

explored: 12 of 40 schedules, with one worker and with several
coverage: 34 boundaries, 3 of unknown requests, 2 orders impossible
not compared, as it differs between runs of one order: $.id, header Date
31 trials in 8.4 s, seed 42
To keep it as a test, add --write-test. If it is meant to be so, add to
coupon.http:
  # @accept 1:one:warm:r0@query:redeem:redeem.js:1 REASON
`,
  120: `
✗ coupon.http: 1 race

  error: wrong state
  Two POST /apply both answered 200 and the balance is 2; in both serial orders one gets 401 and it is 1.

  r0 POST /apply (1st)                                      │ r1 POST /apply (2nd)
  ──────────────────────────────────────────────────────────┼──────────────────────────────────────────────────────────
  starts                                                    │
  redeem.js:12  SELECT used FROM coupons WHERE code = ?     │
  held here                                                 │
  ─────────────────────────────────────────────────── switch to r1 ───────────────────────────────────────────────────→
                                                            │ starts
                                                            │ redeem.js:12  SELECT used FROM coupons WHERE code = ?
                                                            │ redeem.js:18  UPDATE coupons SET used = used + 1
                                                            │ is answered: 200 {"applied":true}
  ←────────────────────────────────────────────────── switch to r0 ────────────────────────────────────────────────────
  goes on                                                   │
  redeem.js:18  UPDATE coupons SET used = used + 1          │
  is answered: 200 {"applied":true}                         │

  what differs from the nearest serial order
    POST /apply (r1): 401 in the nearest serial order, 200 here
    GET /balance: $.balance is 1, 2 here

  reproduced 10 of 10 (1 pause, one worker, warmed up)
  replay concurrent-server races coupon.http --replay 1:one:warm:r0@query:redeem:redeem.js:1

explored: 12 of 40 schedules, with one worker and with several
coverage: 34 boundaries, 3 of unknown requests, 2 orders impossible
not compared, as it differs between runs of one order: $.id, header Date
31 trials in 8.4 s, seed 42
To keep it as a test, add --write-test. If it is meant to be so, add to coupon.http:
  # @accept 1:one:warm:r0@query:redeem:redeem.js:1 REASON
`,
};
