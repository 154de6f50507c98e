const express = require('express');
const cookieSession = require('cookie-session');

const app = express();
app.use(express.json());
app.use(cookieSession({ name: 'wizard', keys: ['k1'] }));

// Each step of the form is saved by itself.
app.put('/application/:step', (req, res) => {
  req.session.steps = { ...req.session.steps, [req.params.step]: req.body };
  res.json({ saved: req.params.step });
});

app.get('/application', (req, res) => {
  const steps = req.session.steps ?? {};
  res.json({ name: steps.name ?? null, address: steps.address ?? null });
});

app.listen(process.env.PORT || 3000);
