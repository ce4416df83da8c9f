// Calls everything that the public npm toolkit offers and prints, as JSON, what each check said: "" or what was wrong.
// Arguments: server, key | user password.
'use strict';
const assert = require('node:assert/strict');
const rally = require('rally');

const [server, first, second] = process.argv.slice(2);
const credentials = second === undefined ? {apiKey: first} : {user: first, pass: second};
const api = rally({server, ...credentials});
const {ref: refs, query: queries} = rally.util;
const mine = `node ${process.pid}`;

const make = async (name, more = {}) =>
  (await api.create({type: 'defect', data: {Name: name, ...more}, fetch: true})).Object;

const refused = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({message: 'it was not refused'});
};

const checks = {
  async 'a client is made either way'() {
    assert.equal((await rally.createClient({server, ...credentials}).query({type: 'user', limit: 1})).Errors.length, 0);
    const [user, pass] = [credentials.user, credentials.pass];
    const named = user ? {userName: user, password: pass} : credentials;
    assert.equal((await rally({server, ...named}).query({type: 'defect', limit: 1})).Results.length, 1);
  },

  async 'credentials come from the environment'() {
    const names = user => (user ? ['RALLY_USERNAME', 'RALLY_PASSWORD'] : ['RALLY_API_KEY']);
    const [values, keys] = [Object.values(credentials), names(credentials.user)];
    keys.forEach((key, n) => { process.env[key] = values[n]; });
    try {
      assert.equal((await rally({server}).query({type: 'defect', limit: 1})).Results.length, 1);
    } finally {
      keys.forEach((key) => { delete process.env[key]; });
    }
  },

  async 'wrong credentials tell the status'() {
    const error = await refused(rally({server, apiKey: '_wrong'}).query({type: 'defect'}));
    assert.match(error.message, /^\/defect: 401! body=/);
    assert.equal(error.errors.length, 1);
    const again = await refused(rally({server, user: 'editor@acme.test', pass: 'wrong'}).create({type: 'defect', data: {}}));
    assert.match(again.message, /401!/);
  },

  async 'another version of the API'() {
    const newer = rally({server, ...credentials, apiVersion: 'v2.x'});
    const found = await newer.query({type: 'defect', limit: 1});
    assert.match(found.Results[0]._ref, /\/slm\/webservice\/v2\.x\/defect\/\d+$/);
    const error = await refused(rally({server, ...credentials, apiVersion: '1.43'}).query({type: 'defect'}));
    assert.match(error.message, /404!/);
  },

  async 'options of the request go along'() {
    const found = await api.query({
      type: 'defect', limit: 1,
      requestOptions: {qs: {shallowFetch: 'Name,Project[Name]'}, headers: {'X-RallyIntegrationName': 'checks'}},
    });
    assert.equal(typeof found.Results[0].Project.Name, 'string');
  },

  async 'pages up to the limit'() {
    const given = {type: 'hierarchicalrequirement', fetch: 'FormattedID', order: ['CreationDate desc', 'ObjectID']};
    const whole = await api.query(given);
    assert.equal(whole.Results.length, Math.min(whole.TotalResultCount, 200));
    const [some, ids] = [await api.query({...given, pageSize: 3, limit: 10}), whole.Results.map(item => item.FormattedID)];
    assert.deepEqual(some.Results.map(item => item.FormattedID), ids.slice(0, 10));
    assert.deepEqual([some.StartIndex, some.PageSize], [1, 12]);
    const later = await api.query({...given, start: 5, pageSize: 2, limit: 2});
    assert.deepEqual(later.Results.map(item => item.FormattedID), ids.slice(4, 6));
    const past = await api.query({...given, start: 100000, limit: 5});
    assert.deepEqual([past.Results.length, past.TotalResultCount], [0, whole.TotalResultCount]);
  },

  async 'fetch in every form'() {
    const keys = async fetch => Object.keys((await api.query({type: 'defect', limit: 1, fetch})).Results[0]);
    for (const listed of ['Name,State', ['Name', 'State']]) {
      const found = await keys(listed);
      assert.ok(found.includes('Name') && found.includes('State') && !found.includes('Owner'));
    }
    assert.ok((await keys('true')).includes('Owner'));
    for (const nothing of [undefined, 'false', true]) {
      assert.ok(!(await keys(nothing)).includes('Owner'));
    }
    const expanded = await api.query({type: 'defect', limit: 1, fetch: ['Project', 'Name', 'State'], query: '(Project != null)'});
    assert.equal(expanded.Results[0].Project.State, 'Open');
  },

  async 'scope in every form'() {
    const [network] = (await api.query({type: 'project', query: '(Name = Network)', fetch: 'Workspace'})).Results;
    const count = async scope => (await api.query({type: 'defect', limit: 1, scope})).TotalResultCount;
    const down = await count({project: network._ref, up: false, down: true});
    assert.ok(await count({project: network, up: false, down: false}) <= down);
    assert.equal(await count({workspace: network.Workspace._ref}), down);
    assert.equal(await count(undefined), down);
    const error = await refused(count({project: '/project/4711'}));
    assert.match(error.message, /Cannot parse object reference from/);
  },

  async 'queries are built'() {
    const made = await make(`${mine} built`, {State: 'Open', Severity: 'Cosmetic'});
    const query = queries.where('Name', '=', `${mine} built`).and('State', '=', 'Open')
      .and(queries.where('Severity', '=', 'Cosmetic').or('Owner', '=', null))
      .and('Project', '=', made.Project._ref);
    assert.match(query.toQueryString(), /^\(\(\(\(Name = "node/);
    assert.deepEqual((await api.query({type: 'defect', query})).Results.map(item => item._ref), [made._ref]);
    const text = `((ObjectID = ${made.ObjectID}) AND (Owner = null))`;
    assert.equal((await api.query({type: 'defect', query: text})).TotalResultCount, 1);
    assert.equal((await api.query({type: 'defect', query: queries.where('ObjectID', '<', 1)})).TotalResultCount, 0);
  },

  async 'refs are taken apart'() {
    const made = await make(`${mine} ref`);
    assert.ok(refs.isRef(made._ref) && refs.isRef(made) && refs.isRef(made.Tags._ref) && !refs.isRef('/defect'));
    assert.deepEqual([refs.getType(made), refs.getId(made)], ['defect', String(made.ObjectID)]);
    assert.equal(refs.getRelative(made.Tags._ref), `/Defect/${made.ObjectID}/Tags`);
    const feature = (await api.create({type: 'portfolioitem/feature', data: {Name: mine}})).Object;
    assert.equal(refs.getType(feature), 'portfolioitem/feature');
    assert.equal((await api.get({ref: feature})).Object.Name, mine);
    const permissions = await api.query({type: 'projectpermission', limit: 1});
    assert.match(refs.getId(permissions.Results[0]), /^\d+u\d+p\d+$/);
    assert.equal((await api.get({ref: permissions.Results[0]._ref})).Errors.length, 0);
  },

  async 'objects are read by every ref'() {
    const made = await make(`${mine} read`);
    for (const ref of [made._ref, made, `/defect/${made.ObjectID}`, `/defect/${made.ObjectUUID}`, `${made._ref}.js`]) {
      const found = await api.get({ref, fetch: ['Name']});
      assert.deepEqual([found.Object.Name, found.Errors], [made.Name, []]);
    }
    assert.match((await refused(api.get({ref: '/defect/4711'}))).message, /^Cannot find object to read$/);
  },

  async 'objects are written'() {
    const made = await make(`${mine} written`);
    const changed = await api.update({ref: made, data: {Name: 'changed', c_Nothing: 1}, fetch: ['Name', 'VersionId']});
    assert.deepEqual([changed.Object.Name, changed.Object.VersionId], ['changed', '2']);
    assert.deepEqual(changed.Warnings, ['Ignored JSON element defect.c_Nothing during processing of this request.']);
    assert.deepEqual((await api.del({ref: made})).Errors, []);
    assert.match((await refused(api.del({ref: made}))).message, /Object to delete cannot be null/);
    assert.match((await refused(api.update({ref: made, data: {Name: 'x'}}))).message, /Could not read Defect \d+ to update\./);
  },

  async 'a refused write tells every error'() {
    const error = await refused(api.create({type: 'defect', data: {Name: mine, State: 'Nonsense'}}));
    assert.ok(error instanceof Error);
    assert.deepEqual([error.errors.length, error.message], [1, error.errors[0]]);
    assert.match(error.message, /State value Nonsense is invalid\. {2}Valid values are: /);
  },

  async 'collections are read and changed'() {
    const [made, tag] = [await make(`${mine} tags`), (await api.create({type: 'tag', data: {Name: mine}})).Object];
    const added = await api.add({ref: made, collection: 'Tags', data: [{_ref: tag._ref}, {Name: `${mine} b`}], fetch: ['Name']});
    assert.deepEqual(added.Results.map(item => item.Name), [mine, `${mine} b`]);
    const found = await api.query({ref: made.Tags._ref, fetch: 'Name', order: 'Name'});
    assert.deepEqual(found.Results.map(item => item.Name), [mine, `${mine} b`]);
    assert.deepEqual((await api.remove({ref: made._ref, collection: 'Tags', data: [{_ref: tag._ref}]})).Results, []);
    assert.equal((await api.query({ref: `/defect/${made.ObjectID}/tags`})).TotalResultCount, 1);
  },

  async 'items are ranked'() {
    const [above, below] = [await make(`${mine} 1`), await make(`${mine} 2`)];
    await api.update({ref: below, data: {}, requestOptions: {qs: {rankAbove: refs.getRelative(above)}}});
    const query = queries.where('ObjectID', '=', above.ObjectID).or('ObjectID', '=', below.ObjectID);
    const found = await api.query({type: 'defect', query, order: 'Rank', fetch: 'Name'});
    assert.deepEqual(found.Results.map(item => item._ref), [below._ref, above._ref]);
  },

  async 'callbacks are called as promises are kept'() {
    const called = method => new Promise((resolve) => {
      method((errors, result) => resolve([errors, result]));
    });
    const [none, made] = await called(back => api.create({type: 'defect', data: {Name: `${mine} back`}}, back));
    assert.equal(none, null);
    const calls = [
      back => api.query({type: 'defect', limit: 1}, back), back => api.get({ref: made.Object}, back),
      back => api.update({ref: made.Object, data: {Name: 'b'}}, back),
      back => api.add({ref: made.Object, collection: 'Tags', data: [{Name: `${mine} c`}]}, back),
      back => api.remove({ref: made.Object, collection: 'Tags', data: []}, back), back => api.del({ref: made.Object}, back),
    ];
    for (const call of calls) {
      const [errors, result] = await called(call);
      assert.deepEqual([errors, result.Errors], [null, []]);
    }
    const [errors] = await called(back => api.get({ref: '/defect/4711'}, (...all) => back(...all)).catch(() => {}));
    assert.equal(errors.message, 'Cannot find object to read');
  },

  async 'a certificate may go unchecked'() {
    const {NODE_EXTRA_CA_CERTS: trusted} = process.env;
    assert.ok(trusted);
    const strict = await refused(rally({server, ...credentials, requestOptions: {ca: ' '}}).query({type: 'defect', limit: 1}));
    assert.match(strict.message, /certificate/);
    const loose = rally({server, ...credentials, requestOptions: {ca: ' ', strictSSL: false}});
    assert.equal((await loose.query({type: 'defect', limit: 1})).Results.length, 1);
  },
};

async function main() {
  const said = {};
  for (const [name, check] of Object.entries(checks)) {
    said[name] = await check().then(() => '', error => `${error.stack}\n${error.errors || ''}`);
  }
  console.log(JSON.stringify(said));
}

main();
